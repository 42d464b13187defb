package io.waltap.benchmarks;

import java.math.BigDecimal;

/** A row of three columns, as an application would have it. */
record NarrowRow(long id, String name, BigDecimal amount) {}
