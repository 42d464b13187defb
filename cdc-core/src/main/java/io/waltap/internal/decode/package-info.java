/** A tuple's text to Java values: pure functions. Internal: may change in any release. */
@NullMarked
package io.waltap.internal.decode;

import org.jspecify.annotations.NullMarked;
