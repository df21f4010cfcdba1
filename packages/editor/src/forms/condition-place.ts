import { createContext, useContext } from 'react';
import type { Place } from './condition-model.ts';

const ConditionPlaceContext = createContext<Place>('flow');

/** Says where the conditions below are asked. */
export const ConditionPlace = ConditionPlaceContext.Provider;

/** Where the condition is asked: of those in a flow, unless somebody above says otherwise. */
export const useConditionPlace = (): Place => useContext(ConditionPlaceContext);
