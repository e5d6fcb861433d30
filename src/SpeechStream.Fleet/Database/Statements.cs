using System.Data.Common;

namespace SpeechStream.Fleet.Database;

/// <summary>Runs the statements of one transaction.</summary>
/// <param name="prepare">Gives the command of a statement, without parameters.</param>
/// <param name="dialect">Completes the statements.</param>
internal sealed class Statements(Func<string, DbCommand> prepare, Dialect dialect)
{
    /// <returns>The number of rows that were changed.</returns>
    public async Task<int> ExecuteAsync(string statement, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) =>
        await Prepare(statement, parameters).ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);

    /// <returns>The first row; null when there is none.</returns>
    public async Task<T?> FirstAsync<T>(string statement, Func<DbDataReader, T> read, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
        where T : class
    {
        var reader = await Prepare(statement, parameters).ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? read(reader) : null;
        }
    }

    public async Task<IReadOnlyList<T>> ListAsync<T>(string statement, Func<DbDataReader, T> read, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        var rows = new List<T>();
        var reader = await Prepare(statement, parameters).ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                rows.Add(read(reader));
            }
        }

        return rows;
    }

    private DbCommand Prepare(string statement, (string Name, object? Value)[] parameters)
    {
        var command = prepare(dialect.Complete(statement));
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
