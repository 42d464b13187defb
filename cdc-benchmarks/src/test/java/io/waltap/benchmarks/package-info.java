@NullMarked
package io.waltap.benchmarks;

import org.jspecify.annotations.NullMarked;
