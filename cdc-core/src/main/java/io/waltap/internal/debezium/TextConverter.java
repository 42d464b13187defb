package io.waltap.internal.debezium;

import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.util.Properties;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * Lets the texts of {@link TextSnapshotQuery} through Debezium as they are, for every column of
 * every type. Created by Debezium by its name.
 */
public final class TextConverter implements CustomConverter<SchemaBuilder, RelationalColumn> {

  @Override
  public void configure(Properties properties) {}

  // Optional always: Debezium would fill a missing value of a required column with an invented one.
  @Override
  public void converterFor(
      RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
    registration.register(
        SchemaBuilder.string().optional(), value -> value == null ? null : value.toString());
  }
}
