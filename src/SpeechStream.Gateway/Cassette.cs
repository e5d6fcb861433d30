using SpeechStream.Gateway.Cassettes;

namespace SpeechStream.Gateway;

/// <summary>What clients and the service said to each other, as SpeechStream records it (<c>--record</c>, <c>CassetteRecorder</c>): see <see cref="Recognizer.Replay"/>.</summary>
public sealed class Cassette
{
    internal const string Nls = "nls";
    internal const string DashScope = "dashscope";

    internal Cassette(string service, IReadOnlyList<RecordedConnection> connections, bool isCut) => (Service, Connections, IsCut) = (service, connections, isCut);

    /// <summary>The recorded service: <c>nls</c> or <c>dashscope</c>.</summary>
    public string Service { get; }

    /// <summary>The number of sessions.</summary>
    public int SessionCount => Connections.Select(connection => connection.Session).Distinct().Count();

    /// <summary>The number of connections, with those that were refused or couldn't be made.</summary>
    public int ConnectionCount => Connections.Count;

    /// <summary>Whether the last line is incomplete, as after the recording process was killed. That line is left out.</summary>
    public bool IsCut { get; }

    internal IReadOnlyList<RecordedConnection> Connections { get; }

    /// <summary>Reads a cassette.</summary>
    /// <param name="path">Its file.</param>
    /// <returns>The cassette.</returns>
    /// <exception cref="FormatException">It is no cassette, or of a later version; the message says in which line.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static Cassette Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return CassetteReader.Read(File.ReadLines(path));
    }

    /// <summary>Takes one session out of several.</summary>
    /// <param name="number">Its number in the cassette, from 1.</param>
    /// <returns>A cassette with its connections alone.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The cassette has no session with this number.</exception>
    public Cassette OfSession(int number)
    {
        var own = Connections.Where(connection => connection.Session == number).ToList();
        return own.Count > 0
            ? new Cassette(Service, own, IsCut)
            : throw new ArgumentOutOfRangeException(nameof(number), number, $"The cassette has no session {number}: it has {string.Join(", ", Connections.Select(connection => connection.Session).Distinct().Order())}.");
    }
}
