@NullMarked
package io.waltap.chaos;

import org.jspecify.annotations.NullMarked;
