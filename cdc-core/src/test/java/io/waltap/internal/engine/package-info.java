@NullMarked
package io.waltap.internal.engine;

import org.jspecify.annotations.NullMarked;
