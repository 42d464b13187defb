package io.waltap.event;

import org.jspecify.annotations.Nullable;

/**
 * A replication slot as the server saw it at one moment ({@code pg_replication_slots}).
 *
 * @param current where the server's log ended then
 * @param confirmed up to where the slot was told that changes were processed; null if never
 * @param retainedBytes how much log the server keeps because of the slot; 0 if it keeps none
 * @param walStatus {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}; null if
 *     the slot does not exist
 * @param safeBytes how much more may be written before the slot is in danger ({@code
 *     safe_wal_size}); null if the server sets no limit ({@code max_slot_wal_keep_size})
 */
public record SlotStatus(
    Lsn current,
    @Nullable Lsn confirmed,
    long retainedBytes,
    @Nullable String walStatus,
    @Nullable Long safeBytes) {}
