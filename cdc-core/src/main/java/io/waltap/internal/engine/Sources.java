package io.waltap.internal.engine;

import io.waltap.event.Lsn;
import io.waltap.offset.Offset;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes another source when one has failed, or says why there can be none. */
public interface Sources {

  /**
   * A source that can be started.
   *
   * @param offset where it begins, and what positions in it belong to
   */
  record Opened(ChangeSource source, Offset offset) {}

  /**
   * Looks at the server, and makes a source that begins where the last one came to. Throws anything
   * else than {@link UnavailableException} if trying again makes no sense.
   *
   * @param failure what ended the last source
   * @param resumeFrom the boundary to resume from; null if the first snapshot was not finished
   * @param lost the server's processes of the last source, which may not have noticed its end, and
   *     still hold the slot or keep a new one from being created
   * @throws UnavailableException if trying again later makes sense, for ever or for a time
   */
  Opened reopen(Throwable failure, @Nullable Lsn resumeFrom, Set<Integer> lost) throws Exception;
}
