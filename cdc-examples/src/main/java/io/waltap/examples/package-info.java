/**
 * Runnable examples, one idea each. {@link QuickstartMain} shows changes as they happen; the others
 * show one thing and end.
 */
@NullMarked
package io.waltap.examples;

import org.jspecify.annotations.NullMarked;
