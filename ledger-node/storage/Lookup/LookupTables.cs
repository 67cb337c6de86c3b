namespace RxChain.Storage;

/// <summary>Tables of the lookup index.</summary>
internal static class LookupTables
{
    /// <summary>A file of another version is emptied and filled again.</summary>
    public const int Version = 2;

    // A prescription's row stands under the leaf of its first act: listings are in the order of issue. Holder and status are
    // as stored; what they mean at a ledger time is judged when they are read. The state is the last column, so that a
    // listing need not read it.
    public const string Sql = """
        CREATE TABLE leaf(prescription BLOB NOT NULL, leaf INTEGER NOT NULL, PRIMARY KEY (prescription, leaf)) WITHOUT ROWID;
        CREATE TABLE prescription(issued INTEGER PRIMARY KEY, id BLOB NOT NULL, issuer TEXT NOT NULL, nominee TEXT NOT NULL,
          holder TEXT NOT NULL, order_of_repeats BLOB NOT NULL, status INTEGER NOT NULL, not_after INTEGER NOT NULL,
          claim_until INTEGER NOT NULL, cancellation_pending INTEGER NOT NULL, next_lapse INTEGER, state BLOB NOT NULL);
        CREATE INDEX by_issuer ON prescription(issuer, issued);
        CREATE INDEX by_nominee ON prescription(nominee, issued) WHERE nominee <> '';
        CREATE INDEX by_holder ON prescription(holder, issued) WHERE holder <> '';
        CREATE INDEX by_group ON prescription(order_of_repeats, issued) WHERE order_of_repeats <> x'';
        CREATE INDEX by_lapse ON prescription(next_lapse) WHERE next_lapse IS NOT NULL;
        CREATE TABLE supply(dispenser TEXT NOT NULL, issued INTEGER NOT NULL, PRIMARY KEY (dispenser, issued)) WITHOUT ROWID;
        CREATE TABLE notice(seal INTEGER NOT NULL, place INTEGER NOT NULL, prescription BLOB NOT NULL, issuer TEXT NOT NULL,
          kind INTEGER NOT NULL, moment INTEGER NOT NULL, status INTEGER NOT NULL, organisation TEXT NOT NULL,
          dispute BLOB NOT NULL, purpose INTEGER NOT NULL, PRIMARY KEY (seal, place)) WITHOUT ROWID;
        CREATE TABLE mark(id INTEGER PRIMARY KEY CHECK (id = 0), size INTEGER NOT NULL, hash BLOB NOT NULL);
        INSERT INTO mark VALUES (0, 0, zeroblob(32));
        """;
}
