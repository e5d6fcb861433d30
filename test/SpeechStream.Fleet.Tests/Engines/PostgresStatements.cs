using Npgsql;

namespace SpeechStream.Fleet.Tests.Engines;

/// <summary>Statements that can't run in a transaction.</summary>
internal static class PostgresStatements
{
    public static async Task ExecuteAsync(string address, string statement)
    {
        var uri = new Uri(address);
        await using var source = NpgsqlDataSource.Create($"Host={uri.Host};Port={uri.Port};Username={uri.UserInfo};Database={uri.AbsolutePath[1..]};Pooling=false");
        await using var command = source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }
}
