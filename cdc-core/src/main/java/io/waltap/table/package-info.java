/** How a row becomes a type. */
@NullMarked
package io.waltap.table;

import org.jspecify.annotations.NullMarked;
