@NullMarked
package io.waltap.internal.dispatch;

import org.jspecify.annotations.NullMarked;
