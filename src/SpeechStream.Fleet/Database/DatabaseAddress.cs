namespace SpeechStream.Fleet.Database;

/// <summary>The address of a fleet: <c>sqlite:PATH</c>, or <c>postgres://user:password@host:port,host2:port/database?sslmode=…</c> with percent-escapes.</summary>
internal sealed record DatabaseAddress
{
    private const string Sqlite = "sqlite:";
    private const int PostgresPort = 5432;

    private static readonly string[] PostgresSchemes = ["postgres://", "postgresql://"];

    /// <summary>The file of SQLite; null for PostgreSQL.</summary>
    public string? Path { get; private init; }

    public IReadOnlyList<(string Host, int Port)> Hosts { get; private init; } = [];

    public string Database { get; private init; } = "";

    public string? User { get; private init; }

    /// <summary>Never printed.</summary>
    public string? Password { get; private init; }

    /// <summary>What follows the question mark, with names in lower case.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; private init; } = new Dictionary<string, string>();

    /// <exception cref="ArgumentException">It isn't an address. The message doesn't repeat it, because it may contain a password.</exception>
    public static DatabaseAddress Parse(string address)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        if (address.StartsWith(Sqlite, StringComparison.OrdinalIgnoreCase))
        {
            return address.Length > Sqlite.Length
                ? new DatabaseAddress { Path = address[Sqlite.Length..] }
                : throw Wrong("names no file. Give one, such as sqlite:speechstream.db");
        }

        var scheme = PostgresSchemes.FirstOrDefault(scheme => address.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            ?? throw Wrong("begins neither with sqlite: nor with postgres://. Give sqlite:PATH or postgres://user:password@host:port/database");
        return ParsePostgres(address[scheme.Length..]);
    }

    /// <summary>The address without its password and parameters.</summary>
    public override string ToString() => Path is not null
        ? Sqlite + Path
        : $"postgres://{(User is null ? "" : Uri.EscapeDataString(User) + "@")}{string.Join(',', Hosts.Select(host => $"{host.Host}:{host.Port}"))}/{Uri.EscapeDataString(Database)}";

    private static DatabaseAddress ParsePostgres(string rest)
    {
        // A password may have an @ that isn't escaped; a host never has one.
        var end = rest.AsSpan().IndexOfAny('/', '?') is >= 0 and var found ? found : rest.Length;
        if (rest.LastIndexOf('@') is var last && last > end)
        {
            throw Wrong("has a / or ? in its user or password. Write / as %2F, ? as %3F and @ as %40");
        }

        var (authority, tail) = (rest[..end], rest[end..]);
        var at = authority.LastIndexOf('@');
        var (user, password) = at < 0 ? (null, null) : Split(authority[..at], ':');
        var (path, query) = Split(tail.TrimStart('/'), '?');
        var database = Unescape(path!);
        return new DatabaseAddress
        {
            Hosts = [.. authority[(at + 1)..].Split(',').Select(ParseHost)],
            User = user is null ? null : Unescape(user),
            Password = password is null ? null : Unescape(password),
            Database = database.Length > 0 ? database : throw Wrong("names no database. Give one behind the host, as in postgres://host/speechstream"),
            Parameters = (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => Split(pair, '='))
                .ToDictionary(pair => Unescape(pair.Left!).ToLowerInvariant(), pair => Unescape(pair.Right ?? "")),
        };
    }

    private static (string Host, int Port) ParseHost(string text)
    {
        // An IPv6 address has colons and stands in brackets.
        var colon = text.LastIndexOf(':') is var last && last > text.LastIndexOf(']') ? last : -1;
        var host = Unescape(colon < 0 ? text : text[..colon]).Trim('[', ']');
        var port = PostgresPort;
        if (host.Length == 0 || (colon >= 0 && !(int.TryParse(text[(colon + 1)..], out port) && port is > 0 and <= ushort.MaxValue)))
        {
            throw Wrong("has a host without a name, or a port that isn't 1 to 65535");
        }

        return (host, port);
    }

    private static (string? Left, string? Right) Split(string text, char separator) =>
        text.IndexOf(separator) is >= 0 and var at ? (text[..at], text[(at + 1)..]) : (text, null);

    private static string Unescape(string text) => Uri.UnescapeDataString(text);

    private static ArgumentException Wrong(string what) => new($"The address of the fleet {what}.");
}
