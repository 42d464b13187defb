/**
 * Proves that a consumer got every change: {@link Ledger} has the database note its own truth,
 * {@link DeliveryRecorder}, or a listener that writes JSON, notes what was delivered, {@link Audit}
 * compares the two.
 */
@NullMarked
package io.waltap.generator.audit;

import org.jspecify.annotations.NullMarked;
