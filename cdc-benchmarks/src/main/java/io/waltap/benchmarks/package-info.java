/** Measurements of WalTap beside the stock Debezium engine and the raw protocol. */
@NullMarked
package io.waltap.benchmarks;

import org.jspecify.annotations.NullMarked;
