package io.waltap.internal.preflight;

/**
 * A live column. A domain, or an array of one, counts as the type below it.
 *
 * @param type the type's name in the catalog; an array's is that of its elements after an
 *     underscore
 * @param kind {@code pg_type.typtype} of the type, or of an array's elements
 * @param nullable whether it may be null, by the column and by its domain
 * @param generated whether the server computes it
 */
record Column(String name, String type, char kind, boolean nullable, boolean generated) {

  boolean array() {
    return type.startsWith("_");
  }

  boolean enumerated() {
    return kind == 'e';
  }
}
