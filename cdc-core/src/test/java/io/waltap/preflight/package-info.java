@NullMarked
package io.waltap.preflight;

import org.jspecify.annotations.NullMarked;
