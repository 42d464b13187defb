/**
 * The only room that knows Debezium and Kafka Connect; implements {@code ChangeSource}. Internal:
 * may change in any release.
 */
@NullMarked
package io.waltap.internal.debezium;

import org.jspecify.annotations.NullMarked;
