namespace SpeechStream.Tests.Simulation;

/// <summary>What the network and the service do in one random run: so many faults, and afterwards none.</summary>
internal sealed class RandomFates
{
    private readonly Random _random;
    private readonly int _bytesPerSecond;
    private int _faultsLeft;

    public RandomFates(Random random, int bytesPerSecond)
    {
        (_random, _bytesPerSecond) = (random, bytesPerSecond);
        _faultsLeft = random.Next(0, 9);
        var longest = Chance(0.3) ? 2 : 0.4 + random.NextDouble();
        Manner = new Manner(random)
        {
            ShortestSeconds = longest / 4,
            LongestSeconds = longest,
            LateFinals = Chance(0.4) ? random.NextDouble() : 0,
            LostFinals = Chance(0.2) ? 0.3 : 0,
            Interims = Chance(0.5) ? 0.3 : 0,
            MissingBegins = Chance(0.2) ? 0.4 : 0,
            Stashes = Chance(0.4) ? 0.4 : 0,
            Words = Chance(0.5) ? 0.5 : 0,
        };
    }

    /// <summary>How the service speaks, on all connections.</summary>
    public Manner Manner { get; }

    /// <summary>What the next connection is to suffer.</summary>
    public Fate Next()
    {
        var fate = new Fate
        {
            EventDelay = TimeSpan.FromSeconds(Chance(0.3) ? _random.NextDouble() * 3 : 0),
            StartDelay = TimeSpan.FromSeconds(Chance(0.2) ? _random.NextDouble() * 3 : 0),
            Code = Code(),
            Manner = Manner,
        };
        if (_faultsLeft <= 0)
        {
            return fate;
        }

        _faultsLeft--;
        return _random.Next(9) switch
        {
            0 => fate with { Refused = true },
            1 => fate with { Unanswered = true },
            2 => fate with { NoStart = true },
            3 => fate with { AtStart = true },
            4 => fate with { AtStop = true },
            5 => fate with { Events = _random.Next(1, 12) },
            6 => fate with { AudioBytes = _random.Next(0, 2) * _random.Next(0, _bytesPerSecond) },
            _ => fate with { AudioBytes = _random.Next(0, 8 * _bytesPerSecond) },
        };
    }

    /// <summary>How a connection ends; all of these may go away by themselves.</summary>
    private int? Code()
    {
        int?[] codes =
        [
            null, null, null, 1000, 1001, 1005, 1006, 1011, 1012, 40000004, 40000005, 41040201, 43040001,
            50000000, 50000001, 51040101, 51040103, 51040104, 51040105, 52010001,
        ];
        return codes[_random.Next(codes.Length)];
    }

    private bool Chance(double probability) => _random.NextDouble() < probability;
}
