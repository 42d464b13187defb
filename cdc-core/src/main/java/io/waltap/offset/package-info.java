/** Where progress is kept. */
@NullMarked
package io.waltap.offset;

import org.jspecify.annotations.NullMarked;
