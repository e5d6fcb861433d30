using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace SpeechStream.Fleet.Database;

/// <summary>SQLite, for the processes of one machine.</summary>
/// <remarks>Its driver blocks, so one task runs all transactions, on one connection, whose statements stay prepared.</remarks>
internal sealed class SqliteDatabase : FleetDatabase
{
    private const int Error = 1;
    private const int Busy = 5;
    private const int CantOpen = 14;
    private const int MostWaiting = 10_000;

    // The driver can't be interrupted while it waits for the lock of another process, so it is asked again each second.
    private const int TrialSeconds = 1;
    private const int MostTrials = 10;

    // Busy, locked, out of memory, an interrupt, an error of the disk, a full disk, and a lock of the file.
    private static readonly int[] TransientCodes = [5, 6, 7, 9, 10, 13, 15];

    private readonly Channel<Func<Task>> _transactions = Channel.CreateBounded<Func<Task>>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly Dictionary<string, SqliteCommand> _prepared = [];
    private readonly DatabaseAddress _address;
    private readonly TimeProvider _time;
    private readonly Task _writer;
    private SqliteConnection? _connection;

    public SqliteDatabase(DatabaseAddress address, TimeProvider time)
    {
        (_address, _time) = (address, time);
        NetworkFileSystem.Refuse(address.Path!);
        _writer = Task.Run(WriteAsync);
    }

    public override Dialect Dialect => Dialect.Sqlite;

    public override Task CreateAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            try
            {
                WaitForLock(() => Connect(SqliteOpenMode.ReadWriteCreate), cancellationToken).Dispose();
            }
            catch (SqliteException failure)
            {
                throw failure.SqliteErrorCode != CantOpen ? Translate(failure)
                    : new FleetException($"The database of the fleet at {_address} can't be made: {ReasonOf(failure)} Give a file in a folder that is there, and that you may write to.", failure);
            }
        },
        cancellationToken);

    public override async Task<T> RunAsync<T>(Func<Statements, Task<T>> work, CancellationToken cancellationToken)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var isTaken = false;
        await _transactions.Writer.WriteAsync(
            async () =>
            {
                if (Interlocked.Exchange(ref isTaken, true))
                {
                    return;
                }

                try
                {
                    result.SetResult(await TransactAsync(work, cancellationToken).ConfigureAwait(false));
                }
                catch (Exception exception)
                {
                    result.SetException(exception is SqliteException failure ? Translate(failure) : exception);
                }
            },
            cancellationToken).ConfigureAwait(false);

        // Who has begun waits for what becomes of it, so that nothing is stored that nobody knows of.
        using var leaving = cancellationToken.Register(() =>
        {
            if (!Interlocked.Exchange(ref isTaken, true))
            {
                result.SetCanceled(cancellationToken);
            }
        });
        return await result.Task.ConfigureAwait(false);
    }

    public override async ValueTask DisposeAsync()
    {
        _transactions.Writer.TryComplete();
        await _writer.ConfigureAwait(false);
        await DisconnectAsync().ConfigureAwait(false);
    }

    private async ValueTask DisconnectAsync()
    {
        foreach (var command in _prepared.Values)
        {
            await command.DisposeAsync().ConfigureAwait(false);
        }

        _prepared.Clear();
        if (_connection is not null)
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
            _connection = null;
        }
    }

    private async Task WriteAsync()
    {
        await foreach (var transaction in _transactions.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            await transaction().ConfigureAwait(false);
        }
    }

    private async Task<T> TransactAsync<T>(Func<Statements, Task<T>> work, CancellationToken cancellationToken)
    {
        // Of a file that was deleted, all that is written would be lost when it is closed.
        if (_connection is not null && !File.Exists(_address.Path))
        {
            await DisconnectAsync().ConfigureAwait(false);
        }

        // It takes the lock of the writer at its begin, so that what it reads is true when it writes.
        var transaction = WaitForLock(() => (_connection ??= Connect(SqliteOpenMode.ReadWrite)).BeginTransaction(deferred: false), cancellationToken);
        await using (transaction.ConfigureAwait(false))
        {
            var result = await work(new Statements(text => Prepare(text, transaction), Dialect)).ConfigureAwait(false);
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            return result;
        }
    }

    /// <summary>Tries on while another process has the lock.</summary>
    private static T WaitForLock<T>(Func<T> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        for (var trial = 1; ; trial++)
        {
            try
            {
                return call();
            }
            catch (SqliteException failure) when (failure.SqliteErrorCode == Busy && trial < MostTrials)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private SqliteConnection Connect(SqliteOpenMode mode)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = _address.Path!, Mode = mode, DefaultTimeout = TrialSeconds, Pooling = false };
        var connection = new SqliteConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"pragma busy_timeout={TrialSeconds * 1000}; pragma journal_mode=wal; pragma synchronous=full";
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private SqliteCommand Prepare(string text, SqliteTransaction transaction)
    {
        if (!_prepared.TryGetValue(text, out var command))
        {
            command = _connection!.CreateCommand();
            command.CommandText = text;
            _prepared.Add(text, command);
        }

        command.Transaction = transaction;
        command.Parameters.Clear();
        if (text.Contains(Dialect.Now, StringComparison.Ordinal))
        {
            command.Parameters.AddWithValue(Dialect.Now, _time.GetUtcNow().ToUnixTimeMilliseconds());
        }

        return command;
    }

    private FleetException Translate(SqliteException failure) =>
        (failure.SqliteErrorCode == Error && failure.Message.Contains("no such table", StringComparison.Ordinal)) || (failure.SqliteErrorCode == CantOpen && !File.Exists(_address.Path)) ? NotSetUp(_address, failure)
        : TransientCodes.Contains(failure.SqliteErrorCode) ? Away(_address, failure)
        : Refused(_address, failure);
}
