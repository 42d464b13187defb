package io.waltap.internal.debezium;

import io.waltap.event.TableId;
import io.waltap.internal.decode.RowLayout;
import org.jspecify.annotations.Nullable;

/**
 * A table as the stream announced it.
 *
 * @param layout its columns; null if nobody listens to the table, so that its tuples need not be
 *     read
 */
record Relation(TableId table, @Nullable RowLayout layout) {}
