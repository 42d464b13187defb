/** What a listener receives: immutable words. */
@NullMarked
package io.waltap.event;

import org.jspecify.annotations.NullMarked;
