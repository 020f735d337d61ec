package dev.onbehalf.applinks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresConsumerTokenStoreTest extends ConsumerTokenStoreContract {
  private static EmbeddedPostgres server;

  @BeforeAll
  static void start() throws Exception {
    server = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Override
  ConsumerTokenStore create() throws Exception {
    DataSource database = server.getPostgresDatabase();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS onbehalf_consumer_token");
    }
    JdbcConsumerTokenStore.createTable(database);
    return new JdbcConsumerTokenStore(database, new AesSealer());
  }
}
