package io.waltap.internal.preflight;

/**
 * A live column.
 *
 * @param type the type's name in the catalog; for a domain, that of the type below it
 * @param enumerated whether the type is an enum
 * @param nullable whether it may be null, by the column and by its domain
 * @param generated whether the server computes it
 */
record Column(String name, String type, boolean enumerated, boolean nullable, boolean generated) {}
