/**
 * Lifecycle, states, progress; owns the seam {@code ChangeSource}. Internal: may change in any
 * release.
 */
@NullMarked
package io.waltap.internal.engine;

import org.jspecify.annotations.NullMarked;
