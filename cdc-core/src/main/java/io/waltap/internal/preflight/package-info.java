/** The checks that run before an engine starts. Internal: may change in any release. */
@NullMarked
package io.waltap.internal.preflight;

import org.jspecify.annotations.NullMarked;
