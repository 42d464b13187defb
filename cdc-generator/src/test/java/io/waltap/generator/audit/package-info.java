@NullMarked
package io.waltap.generator.audit;

import org.jspecify.annotations.NullMarked;
