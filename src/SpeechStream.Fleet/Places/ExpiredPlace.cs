using System.Data.Common;

namespace SpeechStream.Fleet.Places;

/// <summary>A place whose lease is over.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Job">The recording that its last holder vanished with; null when it was given back.</param>
/// <param name="Claim">The id of that holder's claim.</param>
internal sealed record ExpiredPlace(int Number, string? Job, long Claim)
{
    public static ExpiredPlace Read(DbDataReader row) => new(row.GetInt32(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetInt64(2));
}
