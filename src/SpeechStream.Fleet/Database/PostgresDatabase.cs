using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using Npgsql;

namespace SpeechStream.Fleet.Database;

/// <summary>PostgreSQL, for workers on many machines.</summary>
internal sealed class PostgresDatabase : FleetDatabase
{
    private const int Connections = 20;

    // Two submits of the same recordings in another order wait for each other, until the server ends one of them.
    private const int MostTrials = 10;

    // A worker that waits for an answer can't renew its leases meanwhile.
    private const int AnswerSeconds = 5;

    // A statement of the fleet never fails for these reasons by itself: connection, resources, an operator, a rollback, the system; a replica that isn't the primary yet, and a worker that froze.
    private static readonly string[] TransientClasses = ["08", "53", "57", "40", "58", "XX"];
    private static readonly string[] TransientStates = ["25006", "25P03"];

    // A worker that freezes, or loses power, in the middle of a transaction would keep what it has locked as long as its connection lives. Not a setting of the connection: a pooler may refuse that.
    private const string FreeLocks = "set local idle_in_transaction_session_timeout = '5s'; ";

    private readonly DatabaseAddress _address;
    private readonly NpgsqlDataSource _source;

    public PostgresDatabase(DatabaseAddress address)
    {
        _address = address;
        var builder = new NpgsqlSlimDataSourceBuilder(Settings(address).ConnectionString);
        builder.EnableTransportSecurity();
        _source = address.Hosts.Count > 1 ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary) : builder.Build();
    }

    public override Dialect Dialect => Dialect.Postgres;

    public override async Task<T> RunAsync<T>(Func<Statements, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var trial = 1; ;)
        {
            try
            {
                return await TransactAsync(work, cancellationToken).ConfigureAwait(false);
            }
            catch (FleetException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected } && trial < MostTrials)
            {
                // Nothing of it was stored, and the other one goes on.
                trial++;
            }
        }
    }

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<T> TransactAsync<T>(Func<Statements, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using var ownedConnection = connection.ConfigureAwait(false);
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
            await using var ownedTransaction = transaction.ConfigureAwait(false);
            var result = await work(new Statements(Prepare(connection, transaction), Dialect)).ConfigureAwait(false);

            // Not given up any more, so that nothing is stored that nobody knows of.
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            return result;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw NotSetUp(_address, exception);
        }
        catch (PostgresException exception) when (!TransientStates.Contains(exception.SqlState) && !TransientClasses.Contains(exception.SqlState[..2]))
        {
            throw Refused(_address, exception);
        }
        catch (Exception exception) when (exception is DbException or SocketException or IOException or TimeoutException or InvalidOperationException)
        {
            // "No suitable host was found", and what a connection throws that breaks in the middle, don't say that they are transient.
            cancellationToken.ThrowIfCancellationRequested();
            throw Away(_address, exception);
        }
    }

    private static Func<string, DbCommand> Prepare(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        // Goes with the first statement, so that nobody waits for an answer to it.
        var prefix = FreeLocks;
        return text =>
        {
            var command = connection.CreateCommand();
            (command.CommandText, command.Transaction, prefix) = (prefix + text, transaction, "");
            return command;
        };
    }

    private static NpgsqlConnectionStringBuilder Settings(DatabaseAddress address)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = string.Join(',', address.Hosts.Select(host => $"{host.Host}:{host.Port}")),
            Database = address.Database,
            Username = address.User,
            Password = address.Password,
            MaxPoolSize = Connections,
            Timeout = AnswerSeconds,
            CommandTimeout = AnswerSeconds,
            HostRecheckSeconds = 1,
            ApplicationName = "speechstream",
        };
        if (address.Hosts is [var (host, port)])
        {
            (settings.Host, settings.Port) = (host, port);
        }

        foreach (var (name, value) in address.Parameters)
        {
            Set(settings, name, value);
        }

        return settings;
    }

    private static void Set(NpgsqlConnectionStringBuilder settings, string name, string value)
    {
        switch (name)
        {
            case "sslmode" when Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode):
                settings.SslMode = mode;
                break;
            case "sslrootcert":
                settings.RootCertificate = value;
                break;
            case "application_name":
                settings.ApplicationName = value;
                break;
            case "connect_timeout" when int.TryParse(value, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 1024:
                settings.Timeout = seconds;
                break;
            default:
                throw new ArgumentException(
                    $"The address of the fleet has the parameter {name} with a value that isn't known. Allowed: sslmode (disable, allow, prefer, require, verify-ca, verify-full), sslrootcert, application_name, connect_timeout (1 to 1024 s).");
        }
    }
}
