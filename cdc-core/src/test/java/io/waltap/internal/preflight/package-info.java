/** The checks, on a real server. */
@NullMarked
package io.waltap.internal.preflight;

import org.jspecify.annotations.NullMarked;
