@NullMarked
package io.waltap.deadletter;

import org.jspecify.annotations.NullMarked;
