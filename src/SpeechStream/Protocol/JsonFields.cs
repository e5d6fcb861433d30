using System.Text;
using System.Text.Json;

namespace SpeechStream.Protocol;

/// <summary>Reads the current value of the reader. It may leave an object or array that it doesn't need unread.</summary>
internal delegate void FieldReader<T>(ref Utf8JsonReader reader, ref T into);

/// <summary>Reads the fields of one kind of object, in any order. A field without an entry is skipped, with everything in it.</summary>
/// <remarks>Names are compared as bytes, so that reading allocates no string for them.</remarks>
internal sealed class JsonFields<T>
{
    private readonly (byte[] Name, FieldReader<T> Read)[] _fields;

    public JsonFields(params (string Name, FieldReader<T> Read)[] fields) =>
        _fields = Array.ConvertAll(fields, field => (Encoding.UTF8.GetBytes(field.Name), field.Read));

    /// <summary>Reads the current object of the reader to its end. A value of another kind counts as missing.</summary>
    /// <exception cref="JsonException">The JSON is malformed.</exception>
    /// <exception cref="InvalidOperationException">A string in the JSON isn't valid text.</exception>
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
