package io.waltap.benchmarks;

import java.net.URI;
import java.util.List;

/**
 * Where a candidate receives from.
 *
 * @param url the database, as JDBC has it
 * @param slot stands before the first row, and nobody else uses it; does not exist yet if there is
 *     a snapshot
 * @param tables those of the publication, at least one
 * @param snapshot whether the rows are those that the tables hold, in place of those in the slot
 */
record Feed(String url, String slot, List<WorkTable<?>> tables, boolean snapshot) {

  /** The same by connections with these parameters, which begin with a question mark. */
  Feed with(String parameters) {
    return new Feed(url + parameters, slot, tables, snapshot);
  }

  int port() {
    return URI.create(url.substring("jdbc:".length())).getPort();
  }

  /** A regular expression for the names of the tables. */
  String pattern() {
    WorkTable<?> first = tables.get(0);
    return tables.size() == 1 ? first.name() : first.schema() + "\\..*";
  }
}
