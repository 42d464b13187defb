package io.waltap.generator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Rows as lines of text, for those who have no database at hand. */
enum RowLines {
  /** By RFC 4180, with a header; lines end as everywhere else. */
  CSV {
    @Override
    void print(PrintWriter out, TransactionGenerator generator, long count) {
      for (long row = 0; row < count; row++) {
        Map<String, String> values = columns(generator.next());
        if (row == 0) {
          out.print(String.join(",", values.keySet()) + "\n");
        }
        out.print(values.values().stream().map(RowLines::field).collect(Collectors.joining(",")));
        out.print("\n");
      }
    }
  },
  /** One object a line; the amount is a number. */
  JSON {
    @Override
    void print(PrintWriter out, TransactionGenerator generator, long count) {
      for (long row = 0; row < count; row++) {
        out.print(object(columns(generator.next())) + "\n");
      }
    }
  };

  private static final JsonFactory FACTORY = new JsonFactory();

  abstract void print(PrintWriter out, TransactionGenerator generator, long count);

  static RowLines parse(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "csv" -> CSV;
      case "json" -> JSON;
      default ->
          throw new IllegalArgumentException(
              "There is no format '" + text + "': it is csv or json.");
    };
  }

  private static Map<String, String> columns(GeneratedTransaction row) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("transaction_id", row.transactionId());
    values.put("user_id", row.userId());
    values.put("timestamp", row.timestamp().toString());
    values.put("amount", row.amount().toPlainString());
    values.put("currency", row.currency());
    values.put("city", row.city());
    values.put("country", row.country());
    values.put("merchant_name", row.merchantName());
    values.put("payment_method", row.paymentMethod());
    values.put("ip_address", row.ipAddress());
    values.put("voucher_code", row.voucherCode());
    values.put("affiliate_id", row.affiliateId());
    return values;
  }

  private static String field(String value) {
    return value.matches("[^\",\\r\\n]*") ? value : '"' + value.replace("\"", "\"\"") + '"';
  }

  private static String object(Map<String, String> values) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      for (Map.Entry<String, String> each : values.entrySet()) {
        json.writeFieldName(each.getKey());
        if (each.getKey().equals("amount")) {
          json.writeNumber(each.getValue());
        } else {
          json.writeString(each.getValue());
        }
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
