package io.waltap.generator;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The twelve values of a row, in the order of the columns of every INSERT. */
final class RowParameters {

  static final int COUNT = 12;

  static final String COLUMNS =
      "transaction_id, user_id, \"timestamp\", amount, currency, city, country, merchant_name,"
          + " payment_method, ip_address, voucher_code, affiliate_id";

  private RowParameters() {}

  static void set(PreparedStatement insert, GeneratedTransaction row) throws SQLException {
    insert.setString(1, row.transactionId());
    insert.setString(2, row.userId());
    insert.setObject(3, row.timestamp());
    insert.setBigDecimal(4, row.amount());
    insert.setString(5, row.currency());
    insert.setString(6, row.city());
    insert.setString(7, row.country());
    insert.setString(8, row.merchantName());
    insert.setString(9, row.paymentMethod());
    insert.setString(10, row.ipAddress());
    insert.setString(11, row.voucherCode());
    insert.setString(12, row.affiliateId());
  }
}
