@NullMarked
package io.waltap.event;

import org.jspecify.annotations.NullMarked;
