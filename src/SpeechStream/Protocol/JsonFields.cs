using System.Text;
using System.Text.Json;

namespace SpeechStream.Protocol;

/// <summary>Reads the value that the reader stands on. It may leave objects and arrays that it doesn't want unread.</summary>
internal delegate void FieldReader<T>(ref Utf8JsonReader reader, ref T into);

/// <summary>The fields of one kind of object, in any order. What has no entry is skipped, however deep.</summary>
/// <remarks>Names are compared as bytes, so that reading allocates no string for them.</remarks>
internal sealed class JsonFields<T>
{
    private readonly (byte[] Name, FieldReader<T> Read)[] _fields;

    public JsonFields(params (string Name, FieldReader<T> Read)[] fields) =>
        _fields = Array.ConvertAll(fields, field => (Encoding.UTF8.GetBytes(field.Name), field.Read));

    /// <summary>Reads the object that the reader stands on, to its end; a value of another kind counts as missing.</summary>
    /// <exception cref="JsonException">The JSON is malformed.</exception>
    /// <exception cref="InvalidOperationException">A string in it isn't text.</exception>
    public void Read(ref Utf8JsonReader reader, ref T into)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var read = Find(ref reader);
            reader.Read();
            read?.Invoke(ref reader, ref into);
            reader.Skip();
        }
    }

    private FieldReader<T>? Find(ref Utf8JsonReader reader)
    {
        foreach (var (name, read) in _fields)
        {
            if (reader.ValueTextEquals(name))
            {
                return read;
            }
        }

        return null;
    }
}
