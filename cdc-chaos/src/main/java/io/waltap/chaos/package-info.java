/**
 * A campaign that kills a consumer, its network and its server at moments drawn from a seed, while
 * writers work, and then compares what was delivered with what the database says: {@link
 * io.waltap.chaos.CampaignMain}.
 */
@NullMarked
package io.waltap.chaos;

import org.jspecify.annotations.NullMarked;
