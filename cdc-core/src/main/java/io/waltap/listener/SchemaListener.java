package io.waltap.listener;

import io.waltap.event.SchemaChange;

/**
 * Is told when a listened table has changed its columns or its key. Called on the thread of the
 * changes, before the first change of the new shape is delivered; a table that nobody writes to is
 * not heard of.
 *
 * <p>Shapes are compared within one run of an engine: with those that its snapshot read rows of,
 * and those of changes that it has delivered. They are not stored, so nothing is told of what
 * happened to a table before the first row or change of it in this run, in particular while the
 * engine was stopped.
 *
 * <p>If the call throws, the engine stops before it delivers changes of the new shape. As shapes
 * are not stored, the next start need not tell it again.
 */
@FunctionalInterface
public interface SchemaListener {

  /**
   * Takes one change of a table's shape.
   *
   * @throws Exception to stop the engine
   */
  void onSchemaChange(SchemaChange change) throws Exception;
}
