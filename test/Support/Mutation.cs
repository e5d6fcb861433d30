using System.Globalization;

namespace SpeechStream.Testing;

/// <summary>
/// Inputs that were damaged at random, for readers that must survive everything. SPEECHSTREAM_MUTATIONS sets how many there are of each sample,
/// SPEECHSTREAM_SEED replays one.
/// </summary>
internal static class Mutation
{
    private static readonly int Mutations = Setting("SPEECHSTREAM_MUTATIONS") ?? 200;

    // Where readers of lengths and of JSON decide.
    private static readonly byte[] Edges = [0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF, .. "\"\\{}[],:-0e"u8];

    /// <summary>Lets <paramref name="read"/> read mutations of each sample, and names sample and seed of one that it fails on.</summary>
    public static void Check(IEnumerable<byte[]> samples, Action<byte[]> read)
    {
        foreach (var (number, sample) in samples.Index())
        {
            int[] seeds = Setting("SPEECHSTREAM_SEED") is { } replayed ? [replayed] : [.. Enumerable.Range(1, Mutations)];
            foreach (var seed in seeds)
            {
                var mutated = Mutate(sample, new Random(seed));
                try
                {
                    read(mutated);
                }
                catch (Exception exception)
                {
                    throw new InvalidOperationException($"Sample {number} failed; set SPEECHSTREAM_SEED={seed} to replay it: {Convert.ToHexString(mutated)}", exception);
                }
            }
        }
    }

    private static byte[] Mutate(byte[] sample, Random random)
    {
        List<byte> bytes = [.. sample];
        for (var count = random.Next(1, 6); count > 0 && bytes.Count > 0; count--)
        {
            var at = random.Next(bytes.Count);
            var length = random.Next(Math.Min(16, bytes.Count - at)) + 1;
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = Edges[random.Next(Edges.Length)];
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.InsertRange(at, Enumerable.Repeat(Edges[random.Next(Edges.Length)], length));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : null;
}
