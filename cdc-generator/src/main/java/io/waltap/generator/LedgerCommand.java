package io.waltap.generator;

import io.waltap.event.Lsn;
import io.waltap.event.TableId;
import io.waltap.generator.audit.Ledger;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "ledger",
    description = {
      "Has the database note every change of some tables, for audit to compare with,",
      "and empties what it has noted so far; --remove ends it."
    },
    sortOptions = false,
    usageHelpAutoWidth = true)
final class LedgerCommand implements Callable<Integer> {

  private static final String NO_SUCH_TABLE = "42P01";
  private static final String NO_SUCH_SCHEMA = "3F000";

  @Spec private @Nullable CommandSpec spec;
  @ParentCommand private @Nullable GeneratorCommand generator;

  @Parameters(
      paramLabel = "TABLE",
      arity = "0..*",
      description = "Such as public.transactions; none: those that it has.")
  private List<String> tables = List.of();

  @Option(names = "--remove", description = "Removes the ledger of all tables, with its triggers.")
  private boolean remove;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "This text.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  @Override
  public Integer call() throws SQLException {
    CommandSpec known = Objects.requireNonNull(spec, "set by picocli");
    List<TableId> ids = ids(known);
    if (remove && !ids.isEmpty()) {
      throw new ParameterException(
          known.commandLine(),
          "--remove removes the ledger of all tables: give it without the name of one.");
    }
    Server server = Objects.requireNonNull(generator, "set by picocli").server();
    try (Connection connection = server.connect()) {
      PrintWriter out = known.commandLine().getOut();
      out.println(run(connection, ids));
      out.flush();
    }
    return 0;
  }

  private String run(Connection connection, List<TableId> ids) throws SQLException {
    if (remove) {
      Ledger.uninstall(connection);
      return "The ledger is removed.";
    }
    try {
      Lsn began = ids.isEmpty() ? Ledger.clear(connection) : Ledger.install(connection, ids);
      return "The ledger notes what commits from " + began + " on.";
    } catch (SQLException e) {
      if (NO_SUCH_TABLE.equals(e.getSQLState()) || NO_SUCH_SCHEMA.equals(e.getSQLState())) {
        throw new IllegalStateException(missing(ids), e);
      }
      throw e;
    }
  }

  private static String missing(List<TableId> ids) {
    return ids.isEmpty()
        ? "There is no ledger in this database: name the tables that it shall note."
        : "One of the tables does not exist in this database: create it, or correct %s."
            .formatted(ids.stream().map(TableId::toString).collect(Collectors.joining(", ")));
  }

  private List<TableId> ids(CommandSpec known) {
    try {
      return tables.stream().map(TableId::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(known.commandLine(), e.getMessage() + ".", e);
    }
  }
}
