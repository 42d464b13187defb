/** Texts of the server against Java values. */
@NullMarked
package io.waltap.internal.decode;

import org.jspecify.annotations.NullMarked;
