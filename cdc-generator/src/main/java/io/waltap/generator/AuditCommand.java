package io.waltap.generator;

import io.waltap.generator.audit.Audit;
import io.waltap.generator.audit.AuditReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "audit",
    description = {
      "Compares what a consumer was given with the ledger in the database.",
      "Let the load end and the consumer catch up first. Exit code 3 if they differ."
    },
    sortOptions = false,
    usageHelpAutoWidth = true)
final class AuditCommand implements Callable<Integer> {

  private static final int DEFECTS = 3;

  @Spec private @Nullable CommandSpec spec;
  @ParentCommand private @Nullable GeneratorCommand generator;

  @Parameters(
      paramLabel = "RECORDING",
      description = "The file of a DeliveryRecorder, or lines of ChangeJson.")
  private Path recording = Path.of("");

  @Option(names = "--exactly-once", description = "Every repetition is a defect.")
  private boolean exactlyOnce;

  @Option(names = "--examples", description = "How many of each defect to show; default: 5.")
  private Integer examples = 5;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Writes the report as one page of HTML with plots too.")
  private @Nullable Path html;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "This text.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  @Override
  public Integer call() throws IOException, SQLException {
    CommandSpec known = Objects.requireNonNull(spec, "set by picocli");
    if (!Files.isReadable(recording) || Files.isDirectory(recording)) {
      throw new ParameterException(
          known.commandLine(), "There is no file " + recording + " that can be read.");
    }
    if (examples < 0) {
      throw new ParameterException(
          known.commandLine(), "--examples cannot be " + examples + ": give 0 or more.");
    }
    Server server = Objects.requireNonNull(generator, "set by picocli").server();
    try (Connection connection = server.connect()) {
      Audit audit = Audit.of(connection, recording).examples(examples);
      AuditReport report = (exactlyOnce ? audit.exactlyOnce() : audit).run();
      PrintWriter out = known.commandLine().getOut();
      out.print(report);
      out.flush();
      write(report);
      return report.isClean() ? 0 : DEFECTS;
    }
  }

  private void write(AuditReport report) throws IOException {
    if (html == null) {
      return;
    }
    System.setProperty("java.awt.headless", "true"); // nothing of ours is ever on a screen
    try {
      Files.writeString(html, report.toHtml());
    } catch (IOException e) {
      throw new IOException(
          "The report cannot be written to " + html + ": choose another file for --html.", e);
    }
  }
}
