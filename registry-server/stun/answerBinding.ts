// What the registry answers to one datagram on its STUN port (RFC 8489, section 6.3; RFC 5780 as far as one address goes; RFC 3489
// for its clients). Pure: bytes in, bytes out.

import { DecodeError } from '../../src/wire/decodeError.ts';
import { encodeStunAddress, type StunAddress } from '../../src/wire/stunAddress.ts';
import { isComprehensionRequired, StunAttributeType } from '../../src/wire/stunAttributeType.ts';
import { type ChangeRequest, decodeChangeRequest } from '../../src/wire/stunChangeRequest.ts';
import { encodeErrorCode } from '../../src/wire/stunErrorCode.ts';
import { checkFingerprint, FINGERPRINT_BYTES, withFingerprint } from '../../src/wire/stunFingerprint.ts';
import {
  decodeStunHeader,
  decodeStunMessage,
  encodeStunMessage,
  STUN_BINDING,
  STUN_COOKIE,
  STUN_HEADER_BYTES,
  type StunAttribute,
  type StunHeader,
  type StunKind,
  type StunMessage,
  stunValue,
} from '../../src/wire/stunMessage.ts';
import { encodeStunText } from '../../src/wire/stunText.ts';
import { encodeUnknownAttributes } from '../../src/wire/stunUnknownAttributes.ts';
import { encodeXorAddress } from '../../src/wire/stunXorAddress.ts';
import { MAX_AMPLIFICATION, SOFTWARE } from './params.ts';

/** What the server knows of the place that was asked. */
export interface BindingPlace {
  /** The one address that it is bound to; undefined when it is bound to all and cannot know which one was asked. */
  readonly host: string | undefined;
  readonly port: number;
  /** Its other port, while it has one. */
  readonly otherPort: number | undefined;
}

export interface BindingAnswer {
  readonly bytes: Buffer;
  /** Whether to send it from the other port. */
  readonly isFromOther: boolean;
}

interface Request {
  readonly header: StunHeader;
  readonly sizeBytes: number;
  /** A client of RFC 3489: it knows neither the cookie nor what came with it. */
  readonly isOld: boolean;
}

const SOFTWARE_ATTRIBUTE = { type: StunAttributeType.software, value: encodeStunText(SOFTWARE) };
const STAY: ChangeRequest = { address: false, port: false };

/** Undefined for whatever gets no answer: garbage, indications, answers, other methods, a wrong fingerprint. */
export function answerBinding(
  bytes: Uint8Array,
  from: StunAddress,
  place: BindingPlace,
): BindingAnswer | undefined {
  const header = orUndefined(() => decodeStunHeader(bytes));
  if (header === undefined || header.method !== STUN_BINDING || header.kind !== 'request') return undefined;
  if (checkFingerprint(bytes) === 'wrong') return undefined;
  const request = { header, sizeBytes: bytes.length, isOld: header.cookie !== STUN_COOKIE };
  const message = orUndefined(() => decodeStunMessage(bytes));
  return message === undefined
    ? refused(request, 400, 'Bad Request')
    : answered(message, request, from, place);
}

function answered(
  message: StunMessage,
  request: Request,
  from: StunAddress,
  place: BindingPlace,
): BindingAnswer | undefined {
  const unknown = unknownTypes(message);
  if (unknown.length > 0) return refusedAttributes(request, unknown);
  const wish = stunValue(message, StunAttributeType.changeRequest);
  const change = wish === undefined ? STAY : orUndefined(() => decodeChangeRequest(wish));
  if (change === undefined) return refusedAsBad(request);
  if (change.address || (change.port && place.otherPort === undefined)) return cannotChange(request);
  const port = change.port && place.otherPort !== undefined ? place.otherPort : place.port;
  const origin = place.host === undefined ? undefined : { host: place.host, port };
  const bytes = request.isOld
    ? oldSuccess(request, from, origin, place)
    : success(request, from, origin, wish !== undefined);
  return { bytes, isFromOther: change.port };
}

/** RESPONSE-ORIGIN first for those who play with ports: there may be no room for both. */
function success(
  request: Request,
  from: StunAddress,
  origin: StunAddress | undefined,
  isProbe: boolean,
): Buffer {
  const value = encodeXorAddress(from, request.header);
  const origins = addressAttributes(StunAttributeType.responseOrigin, origin);
  const extras = isProbe ? [...origins, SOFTWARE_ATTRIBUTE] : [SOFTWARE_ATTRIBUTE, ...origins];
  return composed(request, 'success', [{ type: StunAttributeType.xorMappedAddress, value }], extras);
}

/** Plain addresses, among them the "other" one, which old clients insist on: here it is the other port of the same address. */
function oldSuccess(
  request: Request,
  from: StunAddress,
  origin: StunAddress | undefined,
  { host, port, otherPort }: BindingPlace,
): Buffer {
  const changed = host === undefined ? undefined : { host, port: otherPort ?? port };
  const extras = [
    ...addressAttributes(StunAttributeType.sourceAddress, origin),
    ...addressAttributes(StunAttributeType.changedAddress, changed),
  ];
  return composed(request, 'success', addressAttributes(StunAttributeType.mappedAddress, from), extras);
}

/** There is one address only. Old clients take any answer for a yes: to them silence says no. */
function cannotChange(request: Request): BindingAnswer | undefined {
  return request.isOld ? undefined : refusedAttributes(request, [StunAttributeType.changeRequest]);
}

/** Without the cookie it is more likely garbage than STUN. */
function refusedAsBad(request: Request): BindingAnswer | undefined {
  return request.isOld ? undefined : refused(request, 400, 'Bad Request');
}

function refusedAttributes(request: Request, types: readonly number[]): BindingAnswer {
  const value = encodeUnknownAttributes(types);
  return refused(request, 420, 'Unknown Attribute', [{ type: StunAttributeType.unknownAttributes, value }]);
}

function refused(
  request: Request,
  code: number,
  reason: string,
  more: readonly StunAttribute[] = [],
): BindingAnswer {
  const error = { type: StunAttributeType.errorCode, value: encodeErrorCode({ code, reason }) };
  return { bytes: composed(request, 'error', [error, ...more], [SOFTWARE_ATTRIBUTE]), isFromOther: false };
}

/** A message with all that is needed, and of the extras, in order, what stays within the limit. */
function composed(
  { header, sizeBytes, isOld }: Request,
  kind: StunKind,
  needed: readonly StunAttribute[],
  extras: readonly StunAttribute[],
): Buffer {
  const attributes = [...needed];
  let room = MAX_AMPLIFICATION * sizeBytes - STUN_HEADER_BYTES - (isOld ? 0 : FINGERPRINT_BYTES);
  for (const attribute of needed) room -= sizeOf(attribute);
  for (const attribute of extras) {
    if (sizeOf(attribute) > room) continue;
    attributes.push(attribute);
    room -= sizeOf(attribute);
  }
  const bytes = encodeStunMessage({ ...header, kind, attributes });
  return isOld ? bytes : withFingerprint(bytes);
}

function sizeOf({ value }: StunAttribute): number {
  return 4 + Math.ceil(value.length / 4) * 4;
}

function addressAttributes(type: number, address: StunAddress | undefined): StunAttribute[] {
  return address === undefined ? [] : [{ type, value: encodeStunAddress(address) }];
}

/** CHANGE-REQUEST is the one that a client may ask us to understand. Credentials are not among them: nobody has any here. */
function unknownTypes({ attributes }: StunMessage): number[] {
  const types = attributes.map(({ type }) => type).filter(isComprehensionRequired);
  return [...new Set(types)].filter((type) => type !== StunAttributeType.changeRequest);
}

function orUndefined<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
