package io.waltap.generator.audit;

import io.waltap.event.TableId;
import java.util.List;
import java.util.Set;

/**
 * What a table looked like when the ledger noted a change of it.
 *
 * @param table as what it is published
 * @param columns all, in the order of the record's fields
 * @param generated those that the server computes, and may leave out
 * @param key those of the primary key
 */
record Shape(TableId table, List<String> columns, Set<String> generated, List<String> key) {}
