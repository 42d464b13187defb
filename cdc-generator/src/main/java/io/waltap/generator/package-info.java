/**
 * Writes a realistic, repeatable workload of transactions to PostgreSQL: {@link Workload} for
 * programs, {@link GeneratorMain} for the command line.
 */
@NullMarked
package io.waltap.generator;

import org.jspecify.annotations.NullMarked;
