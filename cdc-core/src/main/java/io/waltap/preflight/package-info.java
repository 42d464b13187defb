/** What is wrong with a server or a set-up, with what mends it. */
@NullMarked
package io.waltap.preflight;

import org.jspecify.annotations.NullMarked;
