/** Rows against records and beans. */
@NullMarked
package io.waltap.table;

import org.jspecify.annotations.NullMarked;
