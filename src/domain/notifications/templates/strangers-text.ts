import { z } from 'zod'
import { oneLine } from '../one-line.ts'

const maxNameChars = 100
const maxTitleChars = 500
const maxCityChars = 200
const maxAddressChars = 500
const maxIdChars = 64
const maxUrlChars = 2_000

/** What is seen of a text that is made of blanks, marks and joiners alone. */
const nothingVisible = /^[\s\p{Default_Ignorable_Code_Point}]*$/u
const unseen = '–'

/** Names and titles are written by guests and hosts: nothing in them may start a new line or header. */
const oneLined = (maxChars: number) => z.string().max(maxChars).transform(oneLine)

/** One that shows nothing is no reason not to tell its reader, or whoever deals with them, anything. */
const strangersText = (maxChars: number) =>
  oneLined(maxChars).transform(line => (nothingVisible.test(line) ? unseen : line))

/** The first name of a person. */
export const personName = strangersText(maxNameChars)

/** What a host calls their place. */
export const placeTitle = strangersText(maxTitleChars)

/** Where a place is: shown beside its title. */
export const placeCity = strangersText(maxCityChars)

/** Street and number of a place, and what else its host wrote to find it by; left out when they wrote nothing. */
export const placeAddress = oneLined(maxAddressChars).transform(line => (nothingVisible.test(line) ? undefined : line))

/** An id of the platform, as readers see it. */
export const shownId = strangersText(maxIdChars)

/** Where a button leads: a page of the platform. */
export const pageUrl = z.url({ protocol: /^https?$/ }).max(maxUrlChars)
