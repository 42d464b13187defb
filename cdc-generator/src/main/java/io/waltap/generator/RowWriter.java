package io.waltap.generator;

import java.sql.SQLException;

/**
 * Writes the rows of one connection. Everything up to a commit is one transaction; an operation
 * that finds no row to work on does the one that brings it nearer to having some.
 */
interface RowWriter extends AutoCloseable {

  void insert() throws SQLException;

  void update() throws SQLException;

  void delete() throws SQLException;

  /** Gives a row another primary key, which counts as an update. */
  void changeKey() throws SQLException;

  /** The table was emptied: there is nothing left to change or delete. */
  void forgetRows();

  void commit() throws SQLException;

  void rollback() throws SQLException;

  /** What has been committed so far. */
  Totals totals();

  /** What the open transaction has written; sends what is not yet sent. */
  Totals pending() throws SQLException;

  @Override
  void close() throws SQLException;
}
